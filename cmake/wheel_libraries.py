"""Print CMake variables that say where the C++ libraries inside the installed Python wheels are."""

import importlib.metadata
import pathlib

import numpy
import pyarrow
import scipy_openblas32

numpy_dir = pathlib.Path(numpy.__file__).parent
openblas_dir = pathlib.Path(scipy_openblas32.get_lib_dir())
openblas = next(p for p in sorted(openblas_dir.iterdir()) if p.name.startswith("libscipy_openblas") and ".so" in p.name)



def licenses(package: str) -> str:
    """The folder with the licences of an installed package."""
    folders = (parent for file in importlib.metadata.files(package) or [] for parent in pathlib.Path(str(file.locate())).parents)
    return str(next(folder for folder in folders if folder.name == "licenses"))


variables = {
    "PLAIT_ARROW_DIR": pathlib.Path(pyarrow.__file__).parent,
    "PLAIT_ARROW_INCLUDE": pyarrow.get_include(),
    "PLAIT_ARROW_SO_VERSION": pyarrow.cpp_build_info.so_version,
    "PLAIT_ARROW_VERSION": pyarrow.__version__,
    "PLAIT_OPENBLAS_DIR": openblas_dir,
    "PLAIT_OPENBLAS_LIBRARY": openblas,
    "PLAIT_OPENBLAS_INCLUDE": scipy_openblas32.get_include_dir(),
    "PLAIT_NUMPY_INCLUDE": numpy.get_include(),
    "PLAIT_WHEEL_LICENSES": ";".join(licenses(package) for package in ("pyarrow", "scipy-openblas32")),
    "PLAIT_STATIC_LICENSES": ";".join(licenses(package) for package in ("numpy", "nanobind")),
    "PLAIT_NPYRANDOM_LIBRARY": numpy_dir / "random" / "lib" / "libnpyrandom.a",
}
for name, value in variables.items():
    print(f'set({name} "{value}")')
