#!/usr/bin/env python3
"""Runs the command of this package with Node.js.

The script that jsii generates loads the AWS CDK first, which takes 20 seconds. The command does not need it.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata
from pathlib import Path


def extracted() -> Path:
    """Returns the folder with the npm package, which this wheel contains. It is extracted once for each version."""
    # Importing the module would start jsii.
    spec = importlib.util.find_spec("cdk_lambda_xray")
    (archive,) = (Path(spec.origin).parent / "_jsii").glob("*.jsii.tgz")
    caches = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    stamp = int(archive.stat().st_mtime)
    folder = Path(caches) / "cdk-lambda-xray" / f"{metadata.version('cdk-lambda-xray')}-{stamp}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, and then moved: another process may do the same.
    temporary = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        with tarfile.open(archive) as package:
            package.extractall(temporary)
        (temporary / "package").rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def main() -> int:
    node = shutil.which("node")
    if node is None:
        print("cdk-lambda-xray needs Node.js 20 or later, and there is no node in the PATH.", file=sys.stderr)
        return 2
    try:
        command = extracted() / "dist" / "cdk-lambda-xray.js"
    except OSError as error:
        print(f"cdk-lambda-xray can't write its files to the cache: {error}. Set XDG_CACHE_HOME.", file=sys.stderr)
        return 2
    return subprocess.call([node, str(command), *sys.argv[1:]])


sys.exit(main())
