# The C++ package: one shared library made of all modules, the public headers, and what find_package(plait CONFIG) reads.
#
# Only what carries PLAIT_API is visible. The libraries of the wheels that it was built with (Arrow, OpenBLAS) are installed
# beside it, in a folder of their own: what is installed does not need the checkout.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
include(licenses)

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
  INSTALL_RPATH "$ORIGIN;$ORIGIN/plait")

install(TARGETS plait EXPORT plaitTargets COMPONENT cpp LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
set(own_libraries ${CMAKE_INSTALL_LIBDIR}/plait)
install(CODE "set(library \"$<TARGET_FILE:plait>\")
set(wheel_folders \"${PLAIT_WHEEL_RPATH}\")
set(destination \"\${CMAKE_INSTALL_PREFIX}/${own_libraries}\")" COMPONENT cpp)
install(CODE [[
  list(JOIN wheel_folders "|" in_wheels)
  file(GET_RUNTIME_DEPENDENCIES LIBRARIES ${library} RESOLVED_DEPENDENCIES_VAR found
    UNRESOLVED_DEPENDENCIES_VAR elsewhere POST_INCLUDE_REGEXES "^(${in_wheels})/" POST_EXCLUDE_REGEXES ".*")
  foreach(each ${found})
    get_filename_component(name ${each} NAME)
    file(REAL_PATH ${each} each)
    file(INSTALL ${each} DESTINATION ${destination} RENAME ${name})
  endforeach()
]] COMPONENT cpp)
plait_install_licenses(DESTINATION ${own_libraries}/licenses OF ${PLAIT_WHEEL_LICENSES} OPTIONS COMPONENT cpp)
install(DIRECTORY include/plait COMPONENT cpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/plait)
install(EXPORT plaitTargets NAMESPACE plait:: COMPONENT cpp DESTINATION ${package_dir})
configure_package_config_file(cmake/plaitConfig.cmake.in ${CMAKE_BINARY_DIR}/plaitConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/plaitConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/plaitConfig.cmake ${CMAKE_BINARY_DIR}/plaitConfigVersion.cmake
  COMPONENT cpp DESTINATION ${package_dir})
