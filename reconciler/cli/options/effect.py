"""The option that shows what a change does to clients."""

import click

effect_option = click.option(
    "--show-effect", is_flag=True, help="Show what clients get before and after, as response tests show it."
)
