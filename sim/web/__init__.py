"""What all pages that are served share: the guard, the socket, files in memory, the frame of a page; no page itself."""
