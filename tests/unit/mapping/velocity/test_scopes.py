"""The blocks of #define."""

import pytest

from support.velocity import fault_of, output


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("#define($d)[$x]#end$d#set($x = 'Y')$d", "[X][Y]"),
        ("#define($d)$foreach.index#end#foreach($i in [1, 2])$d#end", "01"),
        ('#define($d)$x#end#set($y = "<$d>")$y', "<X>"),
        ("#define($d)$x#end#set($y = $d)$y", "X"),
        ("#define($d)$x#end#if($d == 'X')same#end", "same"),
        ("#define($d)$x#end$d.toString().length()$d.length()", "1"),
        ("#define($d)$x#end$d()", "X()"),
        (r"#define($d)$x#end\$d", "$d"),
        ("#define($d)a#break b#end#foreach($i in [1, 2])$d,#end", "a,a,"),
        ("#define($d)a#break($foreach)b#end#foreach($i in [1, 2])$d,#end|", "a|"),
        ("#define($d)a#stop b#end$d c", "a"),
        ("#define(${d})a#end$d", ""),
        ("#define('d')a#end$d", ""),
        ("#define($d.e)a#end$d", "a"),
        ("#define($d)a#end#set($m.k = $d)$m", "{k=a}"),
        ("#define($d)#define($e)a#end#end$e$d$e", "a"),
    ],
)
def test_define(template: str, printed: str) -> None:
    """The block is rendered anew wherever it is printed, with the variables that there are then."""
    assert printed == output(template, x="X", m={})


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("#define($d)x$d#end$d", "xx$d"),
        ("#define($d)x$!d#end$d", "xx"),
        ("#define($d)<$e>#end#define($e)($d)#end$d", "<(<($d)>)>"),
        ("#define($d)x$d$d#end$d", "xx$d$dx$d$d"),
    ],
)
def test_a_block_that_prints_itself(template: str, printed: str) -> None:
    """Velocity renders a block twice within itself; then it prints the reference."""
    assert printed == output(template)


def test_blocks_that_print_each_other() -> None:
    """A long chain of blocks is given up with a fault at the reference."""
    template = "".join(f"#define($a{n})$a{n + 1}#end" for n in range(3_000)) + "\n$a0"
    fault = fault_of(template)

    assert ("blocks of #define nest deeper than 100 levels", False) == (fault.message, fault.is_certain)
