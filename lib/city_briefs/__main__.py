"""The command `briefs`, also as `python -P -m city_briefs`: it imports nothing from where it is started."""

from city_briefs.common import imports


def main() -> None:
    """Run the command."""
    imports.clean_path()
    from city_briefs.app import cli  # only now, and so from the installation

    cli.main()


if __name__ == "__main__":
    main()
