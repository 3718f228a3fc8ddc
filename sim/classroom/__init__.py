"""The game served to a class: server, sessions, storage, access and live updates; the pages are in `routes`."""
