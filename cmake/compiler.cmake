# Flags, caches and linker that every target shares.
# One compiler cache for every checkout and build folder: paths below the checkout do not count.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_ctime,include_file_mtime ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD AND NOT PLAIT_SANITIZE)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Wno-psabi -fno-math-errno -fno-trapping-math)
# At -O3 g++ 12 finds fault with its own strings and vectors.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options("$<$<CONFIG:Release>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>")
endif()
if(PLAIT_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # Line tables are enough for a profile and a backtrace; full debug information doubles the build.
  string(REPLACE "-O2 -g -DNDEBUG" "-O2 -g1" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")
endif()
# Hardened: a frame that was written over ends the process before it returns, no stack jumps over its guard page, calls of
# the C library check sizes that the compiler knows, and the tables of calls cannot be written once the program runs.
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
if(NOT PLAIT_SANITIZE)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
endif()
if(PLAIT_SANITIZE)
  # Line tables are enough for a backtrace; -Og compiles a third faster than -O1. What is found ends the test.
  add_compile_options(-Og -g1 -fsanitize=${PLAIT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    -D_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=${PLAIT_SANITIZE})
endif()
