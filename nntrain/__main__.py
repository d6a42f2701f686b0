"""``python -m nntrain``."""

from nntrain.cli.entry import main

if __name__ == "__main__":
    main()
