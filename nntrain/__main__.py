"""``python -m nntrain``."""

from nntrain.cli.main import main

if __name__ == "__main__":
    main()
