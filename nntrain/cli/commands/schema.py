"""``nntrain schema``: print the JSON Schema or the documentation page of a config."""

import json

import click

from nntrain.cli.terminal import print_data


@click.command()
@click.option("--markdown", is_flag=True, help="Print the page docs/config.md instead.")
def schema(markdown: bool) -> None:
    """Print the JSON Schema (draft 7) of a config, with all installed layers, criterions, optimizers and schedules.

    \b
    nntrain schema > nntrain.schema.json

    An editor such as VS Code with Even Better TOML completes and checks a config whose first line is
    "#:schema ./nntrain.schema.json", as in configs from nntrain init.
    """
    from nntrain.config.config_reference import build_page
    from nntrain.config.json_schema import build_json_schema

    if markdown:
        print_data(build_page(), end="")
    else:
        print_data(json.dumps(build_json_schema(), indent=2, ensure_ascii=False))
