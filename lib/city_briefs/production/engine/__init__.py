"""How a notebook is run: by papermill, in a kernel that is forked where it can be."""
