"""``python -m gateway.cli`` is the command ``sluicegate``: how a supervisor starts its workers."""

from gateway.cli import main

if __name__ == "__main__":
    main(prog_name="sluicegate")
