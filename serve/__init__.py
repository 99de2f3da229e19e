"""Articles scored over HTTP, and one page to read them on. Needs the extra ``serve``."""
