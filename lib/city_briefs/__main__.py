"""The command `briefs` as `python -m city_briefs`."""

from city_briefs.app.cli import main

if __name__ == "__main__":
    main()
