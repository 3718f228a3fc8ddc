"""Parts of pages that several readers see alike, rendered once for all of them."""
