"""Sphinx builds the site: ``sphinx-build -W docs build/site``."""

import re
from importlib.metadata import version as installed

project = "avowal"
copyright = "the avowal authors, Apache-2.0"
version = release = installed("avowal")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# links to files of the repository that are no pages, and headings of included files
suppress_warnings = ["myst.xref_missing", "myst.header"]
nb_execution_mode = "force"
nb_execution_timeout = 600
nb_execution_raise_on_error = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
napoleon_numpy_docstring = False
default_role = "code"

html_theme = "furo"
html_title = f"avowal {release}"
html_baseurl = ""
html_copy_source = False

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def _strip_front_matter(app, relative_path, parent, content):
    """Model cards begin with the hub's metadata, which is no text."""
    content[0] = _FRONT_MATTER.sub("", content[0])


def setup(app):
    app.connect("include-read", _strip_front_matter)
