# The C++ package: one shared library made of all modules, the public headers, and what find_package(plait CONFIG) reads.
#
# Only what carries PLAIT_API is visible. Arrow and OpenBLAS are not copied: the library remembers the folders of the
# wheels that it was built with (PLAIT_WHEEL_RPATH).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(modules GLOBAL PROPERTY PLAIT_MODULES)
get_property(libraries GLOBAL PROPERTY PLAIT_LIBRARIES)
list(REMOVE_DUPLICATES libraries)
list(TRANSFORM modules REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)

add_library(plait SHARED ${objects})
add_library(plait::plait ALIAS plait)
target_compile_features(plait PUBLIC cxx_std_20)
target_include_directories(plait INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(plait PRIVATE ${libraries})
# A symbol that no module defines fails here, not in somebody's program.
target_link_options(plait PRIVATE -Wl,--exclude-libs,ALL -Wl,-z,defs)
set_target_properties(plait PROPERTIES
  LINKER_LANGUAGE CXX
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}
  BUILD_RPATH "${PLAIT_WHEEL_RPATH}"
  INSTALL_RPATH "$ORIGIN;${PLAIT_WHEEL_RPATH}")

install(TARGETS plait EXPORT plaitTargets COMPONENT cpp LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/plait COMPONENT cpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/plait)
install(EXPORT plaitTargets NAMESPACE plait:: COMPONENT cpp DESTINATION ${package_dir})
configure_package_config_file(cmake/plaitConfig.cmake.in ${CMAKE_BINARY_DIR}/plaitConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/plaitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/plaitConfig.cmake ${CMAKE_BINARY_DIR}/plaitConfigVersion.cmake
  COMPONENT cpp DESTINATION ${package_dir})
