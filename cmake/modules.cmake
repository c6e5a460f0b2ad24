# One library a module of docs/design.md, which links only what that module may import, and one test binary that links
# only that library. Sources and tests are found by name: x.cpp belongs to the library, x_test.cpp to the tests.
#
#   plait_module(<name> DIRECTORY <dir> [IMPORTS <module>...] [LIBRARIES <third party>...])
function(plait_module name)
  cmake_parse_arguments(arg "" "DIRECTORY" "IMPORTS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${arg_DIRECTORY}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  # For tools/sanitize.py: name, folder and imports.
  string(REPLACE ";" " " listed "${arg_IMPORTS}")
  set_property(GLOBAL APPEND_STRING PROPERTY PLAIT_MODULE_LIST "${name} | ${arg_DIRECTORY} | ${listed}\n")

  if(NOT sources)
    add_library(plait_${name} INTERFACE)
    return()
  endif()
  add_library(plait_${name} STATIC ${sources})
  target_include_directories(plait_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM arg_IMPORTS PREPEND plait_ OUTPUT_VARIABLE imports)
  target_link_libraries(plait_${name} PUBLIC ${imports} PRIVATE ${arg_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY PLAIT_MODULES plait_${name})
  set_property(GLOBAL APPEND PROPERTY PLAIT_LIBRARIES ${arg_LIBRARIES})

  if(PLAIT_TESTS AND tests)
    add_executable(test_${name} ${tests})
    target_link_libraries(test_${name} PRIVATE plait_${name} ${arg_LIBRARIES} GTest::gmock_main)
    set_target_properties(test_${name} PROPERTIES BUILD_RPATH "${PLAIT_WHEEL_RPATH}")
    add_test(NAME ${name} COMMAND test_${name})
  endif()
endfunction()
