"""`python -m loaders …`: see `loaders.cli`."""

from loaders.cli import main

raise SystemExit(main())
