# Third-party libraries: Debian packages, and the C++ libraries inside Python wheels (Arrow, OpenBLAS, libnpyrandom).
find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LZ4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy libhwy-contrib)
find_package(yaml-cpp REQUIRED)
if(PLAIT_TESTS)
  find_package(GTest REQUIRED)
endif()

# pip builds a wheel in an environment of its own that is gone afterwards. Where the checkout has its environment, the
# wheel takes the pinned headers and libraries from there: then what the build tree has compiled is not compiled again.
set(PLAIT_LIBRARIES_PYTHON ${Python_EXECUTABLE})
if(SKBUILD AND EXISTS ${CMAKE_SOURCE_DIR}/.venv/bin/python)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/.venv/bin/python -I -c "import platform; print(platform.python_version())"
    OUTPUT_VARIABLE own_version OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(own_version STREQUAL Python_VERSION)
    # -I: pip's environment must not be found by way of PYTHONPATH.
    set(PLAIT_LIBRARIES_PYTHON ${CMAKE_SOURCE_DIR}/.venv/bin/python -I)
  endif()
endif()

execute_process(
  COMMAND ${PLAIT_LIBRARIES_PYTHON} ${CMAKE_SOURCE_DIR}/cmake/wheel_libraries.py
  OUTPUT_VARIABLE wheel_libraries OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
cmake_language(EVAL CODE "${wheel_libraries}")

function(plait_arrow_library name file)
  add_library(arrow::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(arrow::${name} PROPERTIES
    IMPORTED_LOCATION ${PLAIT_ARROW_DIR}/lib${file}.so.${PLAIT_ARROW_SO_VERSION}
    INTERFACE_INCLUDE_DIRECTORIES ${PLAIT_ARROW_INCLUDE}
    INTERFACE_LINK_LIBRARIES "${ARGN}")
endfunction()
plait_arrow_library(arrow arrow)
plait_arrow_library(compute arrow_compute arrow::arrow)
plait_arrow_library(parquet parquet arrow::arrow)
set(PLAIT_WHEEL_RPATH ${PLAIT_ARROW_DIR} ${PLAIT_OPENBLAS_DIR})

add_library(openblas::openblas SHARED IMPORTED GLOBAL)
set_target_properties(openblas::openblas PROPERTIES
  IMPORTED_LOCATION ${PLAIT_OPENBLAS_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${PLAIT_OPENBLAS_INCLUDE})

add_library(numpy::npyrandom STATIC IMPORTED GLOBAL)
set_target_properties(numpy::npyrandom PROPERTIES
  IMPORTED_LOCATION ${PLAIT_NPYRANDOM_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES "${PLAIT_NUMPY_INCLUDE};${Python_INCLUDE_DIRS}")
