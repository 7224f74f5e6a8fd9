"""`python app.py`: settings, then the studio, then serve."""

from studio.cli import main

if __name__ == "__main__":
    main(["serve"])
