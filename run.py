"""Start Parley from a checkout: ``python run.py`` lists what there is to play."""

if __name__ == "__main__":
    from sim.cli import run

    run()
