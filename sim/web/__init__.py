"""What the servers of the class and the lab share: request guard, socket, assets, page frame and background jobs."""
