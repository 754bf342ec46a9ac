# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_pack.py PACK FOLDER COMPILER...: a CMSIS-Pack unpacks, has what its description names, and compiles.

The description is compared with Open-CMSIS-Pack's schema where the environment's PACK_XSD names it and the package xmlschema is
there.
"""

import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree
import zipfile

pack, folder, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
with zipfile.ZipFile(pack) as archive:
    assert archive.testzip() is None
    archive.extractall(folder)
    names = archive.namelist()
description = folder / next(name for name in names if name.endswith(".pdsc"))
package = xml.etree.ElementTree.parse(description).getroot()
vendor, name = package.findtext("vendor"), package.findtext("name")
version = package.find("releases/release").get("version")
assert description.name == f"{vendor}.{name}.pdsc"
assert pack.name == f"{vendor}.{name}.{version}.pack"
conditions = {condition.get("id") for condition in package.iter("condition")}
component = package.find("components/component")
assert component.get("condition") in conditions

files = [(file.get("category"), folder / file.get("name")) for file in component.iter("file")]
assert all(path.exists() for _, path in files)
includes = [f"-I{path}" for category, path in files if category == "include"]
sources = [path for category, path in files if category == "source"]
assert sources and includes
for source in sources:
    subprocess.run([*compiler, *includes, "-Wall", "-Wextra", "-Werror", "-fsyntax-only", source], check=True)
if "PACK_XSD" in os.environ:
    import xmlschema

    xmlschema.XMLSchema(os.environ["PACK_XSD"]).validate(description)
print(f"{pack.name}: {len(names)} files, {len(sources)} sources")
