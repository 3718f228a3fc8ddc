"""Start Parley from a checkout: ``python run.py`` lists what there is to play."""

from sim.cli import run

if __name__ == "__main__":
    run()
