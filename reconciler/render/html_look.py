"""How pages look, and the one script that a page may have. Both are fixed texts, which the policy names by digest.

Whatever a colour shows, a sign or a word shows as well. The colours have a contrast of at least 4.5:1. No line may
begin with `::` or contain `##` before a bracket (`render.logs`): that would change the digest.
"""

import base64
import hashlib
from typing import Final

STYLESHEET: Final = """
:root { color-scheme: light dark; --ink: #1f2328; --paper: #fff; --soft: #f6f8fa; --line: #d1d9e0; --faint: #59636e;
  --create: #116329; --update: #7d4e00; --delete: #a40e26; --step: #0550ae; --old: #ffebe9; --new: #e6ffec;
  --old-mark: #ffc1bc; --new-mark: #aceebb; --gone: #f6f8fa; --bar-changed: #bf8700; --bar-missing: #cf222e;
  --bar-unexpected: #2da44e; --bar-errors: #8250df; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --soft: #161b22; --line: #3d444d;
  --faint: #9198a1; --create: #56d364; --update: #e3b341; --delete: #ff7b72; --step: #79c0ff; --old: #341a1f;
  --new: #12301f; --old-mark: #792e2e; --new-mark: #1f6f35; --gone: #12171e; --bar-changed: #d29922;
  --bar-missing: #f85149; --bar-unexpected: #3fb950; --bar-errors: #a371f7; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 1.5rem; max-width: 80rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
h4 { font: 600 .85rem/1.5 ui-monospace, monospace; margin: .5rem 0 .25rem; overflow-wrap: anywhere; }
.summary { font-size: 1.05rem; margin: .35rem 0 1rem; }
ul { padding-left: 1.25rem; }
li { overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .75rem 0; padding: 0 1rem; }
summary { cursor: pointer; margin: 0 -1rem; padding: .6rem 1rem; background: var(--soft); border-radius: .4rem;
  overflow-wrap: anywhere; }
details > h2 { font: 600 .9rem/1.5 ui-monospace, monospace; margin: 1rem 0 .25rem; }
code { font: .9em ui-monospace, monospace; background: var(--soft); padding: 0 .2em; border-radius: .2rem;
  overflow-wrap: anywhere; }
pre { margin: 0 0 .75rem; font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font: .85rem/1.45 ui-monospace, monospace; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; overflow-wrap: break-word; }
caption { text-align: left; color: var(--faint); font: .85rem/1.5 system-ui, sans-serif; padding-bottom: .35rem; }
.scrolls { overflow-x: auto; margin: 0 0 1rem; }
.scrolls td, .scrolls thead th { white-space: nowrap; }
.scrolls tbody th { min-width: 9rem; max-width: 24rem; }
.overview th, .overview td { border: 0; border-bottom: 1px solid var(--line); padding: .3rem .9rem .3rem 0; }
.overview tbody th { font-weight: 400; }
.overview thead th { color: var(--faint); border-bottom-width: 2px; vertical-align: bottom; }
.overview tbody th.strong { font-weight: 600; }
table.rows tbody th { font-weight: 400; }
details > .scrolls { margin-top: 1rem; }
.overview td { font-weight: 600; }
.overview thead th.protected { color: var(--delete); border-bottom-color: currentColor; }
pre .create { background: var(--new); }
pre .delete { background: var(--old); }
footer, .faint { color: var(--faint); font-weight: 400; }
footer { font-size: .85rem; margin-top: 2rem; padding-top: .75rem; border-top: 1px solid var(--line);
  overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--step); outline-offset: 2px; }
.strong { font-weight: 600; }
.create, .good { color: var(--create); }
.update, .warning { color: var(--update); }
.delete, .error { color: var(--delete); }
.step { color: var(--step); }
.error, .warning, .good { font-weight: 600; }
.alert { border-left: .25rem solid var(--delete); background: var(--soft); padding: .6rem 1rem; margin: 0 0 1rem;
  overflow-wrap: anywhere; }

.apis { width: 100%; font: .9rem/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.apis caption { text-align: left; color: var(--faint); padding-bottom: .35rem; }
.apis th, .apis td { border: 0; border-bottom: 1px solid var(--line); padding: .35rem .6rem; }
.apis thead th { font-weight: 600; color: var(--faint); border-bottom-width: 2px; white-space: nowrap; }
.apis td { text-align: right; font-weight: 600; }
.apis thead th + th { text-align: right; }
.apis th[scope="row"] { font-weight: 400; }
.apis .site th { background: var(--soft); padding-top: .5rem; }
.apis .name { font-weight: 600; margin-right: .5rem; }
.apis .count { float: right; font-weight: 400; color: var(--faint); }
.apis .zero { color: var(--faint); font-weight: 400; }
.apis .age { font-weight: 400; white-space: nowrap; }
.apis .new { color: var(--step); }
.apis .failed { text-align: left; color: var(--delete); }
.apis tfoot th, .apis tfoot td { border-bottom: 0; border-top: 2px solid var(--line); font-weight: 600; }

.trend { margin: 1.5rem 0 0; display: grid; grid-template-columns: auto 1fr; column-gap: .5rem; max-width: 44rem; }
.trend figcaption, .trend .legend { grid-column: 1 / -1; }
.trend figcaption { font-weight: 600; margin-bottom: .35rem; }
.trend svg { width: 100%; height: 6rem; display: block; }
.trend .most, .trend .ends { color: var(--faint); font-size: .85rem; margin: 0; }
.trend .ends { grid-column: 2; display: flex; justify-content: space-between; }
.trend .axis { stroke: var(--faint); stroke-width: 1; vector-effect: non-scaling-stroke; }
.trend rect.changed { fill: var(--bar-changed); }
.trend rect.missing { fill: var(--bar-missing); }
.trend rect.unexpected { fill: var(--bar-unexpected); }
.trend rect.errors { fill: var(--bar-errors); }
.trend rect.none { fill: var(--faint); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .35rem 0 0;
  font-size: .85rem; }
.legend li { border-left: .8rem solid var(--line); padding-left: .35rem; line-height: 1.1; }
.legend .changed { border-color: var(--bar-changed); }
.legend .missing { border-color: var(--bar-missing); }
.legend .unexpected { border-color: var(--bar-unexpected); }
.legend .errors { border-color: var(--bar-errors); }

#filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; position: sticky; top: 0; z-index: 1;
  background: var(--paper); border-bottom: 1px solid var(--line); padding: .5rem 0; margin-bottom: .75rem; }
#filters label { display: grid; grid-template-columns: minmax(0, 1fr); min-width: 0; font-size: .8rem;
  color: var(--faint); }
#filters select, #filters input, #filters button { font: inherit; font-size: .9rem; color: var(--ink);
  background: var(--soft); border: 1px solid var(--faint); border-radius: .3rem; padding: .3rem .5rem; max-width: 100%;
  min-height: 2.2rem; }
#filters select { max-width: 14rem; }
#filters output { color: var(--faint); font-size: .9rem; padding: .35rem 0; }

.block { border: 1px solid var(--line); border-left: .3rem solid var(--update); border-radius: .4rem;
  padding: .75rem 1rem; margin: .75rem 0; }
.block.missing { border-left-color: var(--delete); }
.block.unexpected { border-left-color: var(--create); }
.block.error { border-left-color: var(--delete); background: var(--soft); color: var(--ink); font-weight: 400; }
.block p { margin: .35rem 0; overflow-wrap: anywhere; }
.block h3 code { background: none; padding: 0; font-weight: 700; font-size: .95em; }
.sign { font: 700 1rem ui-monospace, monospace; }
.facts { display: flex; flex-wrap: wrap; gap: .15rem .75rem; font-size: .9rem; align-items: baseline; }
.badge.protected { color: var(--delete); background: var(--old); vertical-align: middle; }
h1 .badge { margin-left: .35rem; }
.alert > ul { margin: .25rem 0; }
.alert > pre { margin: 0; font-weight: 600; }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .8rem; font-weight: 600;
  white-space: nowrap; }
.changed .badge { color: var(--update); }
.missing .badge, .error .badge { color: var(--delete); }
.unexpected .badge { color: var(--create); }
.block .badge.new { color: var(--step); }
.remedy { color: var(--faint); }
.sides { display: grid; grid-template-columns: 1fr 1fr; font: 600 .85rem ui-monospace, monospace; }
.diff { font: .85rem/1.45 ui-monospace, monospace; border: 1px solid var(--line); border-radius: .3rem;
  overflow: hidden; margin-bottom: .5rem; }
.pair, .lone { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.lone { grid-template-columns: minmax(0, 1fr); }
.pair > :first-child { border-right: 1px solid var(--line); }
.pair > .old, .pair > .new { background: var(--gone); }
.old > .line { background: var(--old); }
.new > .line { background: var(--new); }
.line { display: block; white-space: pre-wrap; overflow-wrap: anywhere; min-height: 1.45em; padding: 0 .5rem 0 1.6rem;
  text-indent: -1.1rem; }
.line::before { content: " "; display: inline-block; width: 1.1rem; text-indent: 0; color: var(--faint); }
.old > .line::before { content: "-"; color: var(--delete); }
.new > .line::before { content: "+"; color: var(--create); }
.old .mark { background: var(--old-mark); border-radius: .15rem; }
.new .mark { background: var(--new-mark); border-radius: .15rem; }
.hunk { display: block; background: var(--soft); color: var(--faint); padding: 0 .5rem; }
.hunk:empty { display: none; }
.blame { padding: .35rem .75rem; margin: .5rem 0; background: var(--soft); border-radius: .3rem; font-size: .9rem; }
.blame ul { list-style: none; padding: 0; margin: 0; }
.block details { margin: .5rem 0 0; padding: 0 .75rem; }
.block summary { margin: 0 -.75rem; padding: .35rem .75rem; }
.block.error summary { background: none; }
.places ul { list-style: none; padding: 0; margin: 0 0 .5rem; font-size: .9rem; display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr)); gap: .1rem 1rem; }
.rows { list-style: none; padding: 0; }
.rows li { border-bottom: 1px solid var(--line); padding: .25rem 0; }

@media (max-width: 50rem) {
  body { padding: 1rem; }
  .apis, .apis tbody, .apis tfoot, .apis tr, .apis th, .apis td { display: block; }
  .apis thead, .apis .zero { display: none; }
  .apis tr { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .35rem 0; border-bottom: 1px solid var(--line); }
  .apis th, .apis td, .apis tfoot th, .apis tfoot td { border: 0; padding: 0; text-align: left; }
  .apis th[scope="row"] { flex: 1 0 100%; }
  .apis td[data-label]::before { content: attr(data-label) " "; font-weight: 400; color: var(--faint); }
  .apis .site { background: var(--soft); padding: .35rem .5rem; margin-top: .75rem; }
  .apis .site th { flex: 1 0 100%; background: none; padding: 0; }
  .apis .count { float: none; display: block; }
  .apis .age { white-space: normal; }
  #filters { position: static; gap: .5rem; }
  #filters label { flex: 1 1 8rem; }
  #filters select { max-width: 100%; }
  .apis caption { display: block; }
  .sides { display: flex; gap: 1rem; }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .pair > :first-child { border-right: 0; }
  .twin, .old:empty, .diff .new:empty { display: none; }
}
@media (prefers-reduced-motion: no-preference) { summary { transition: background-color .15s; } }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #fff; --line: #999; --faint: #444; --create: #116329;
    --update: #7d4e00; --delete: #a40e26; --step: #0550ae; --old: #ffebe9; --new: #e6ffec; --old-mark: #ffc1bc;
    --new-mark: #aceebb; --gone: #fff; }
  body { max-width: none; padding: 0; }
  details::details-content { content-visibility: visible; height: auto; }
  h2, h3, summary { break-after: avoid; }
  #filters { display: none; }
}
"""

FILTER_SCRIPT: Final = """
"use strict";
(() => {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const blocks = [...document.querySelectorAll(".block")].map((block) => {
    const places = [...block.querySelectorAll("[data-e]")];
    return { block, places: places.length ? places : [block], words: null };
  });
  const rows = [...document.querySelectorAll("[data-e]")].filter((part) => !part.closest(".block"));
  const apply = () => {
    const { environment, api, type, query } = form.elements;
    const words = query.value.trim().toLowerCase();
    const fits = (part) => (!environment.value || part.dataset.e === environment.value)
      && (!api.value || !part.dataset.a || part.dataset.a.split(" ").includes(api.value));
    let count = 0;
    for (const each of blocks) {
      let some = false;
      for (const place of each.places) {
        place.hidden = !fits(place);
        some = some || !place.hidden;
      }
      if (some && words && each.words === null) each.words = each.block.textContent.toLowerCase();
      each.block.hidden = !some || Boolean(type.value && each.block.dataset.t !== type.value)
        || Boolean(words && !each.words.includes(words));
      count += each.block.hidden ? 0 : 1;
    }
    for (const row of rows) row.hidden = !fits(row);
    shown.textContent = `${count} of ${blocks.length} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
"""


def policy(script: str) -> str:
    """Return the content security policy of a page: its own style sheet and script by digest, and nothing else."""
    scripts = f"; script-src '{_digest(script)}'" if script else ""
    return f"default-src 'none'; style-src '{_digest(STYLESHEET)}'{scripts}; base-uri 'none'; form-action 'none'"


def _digest(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
