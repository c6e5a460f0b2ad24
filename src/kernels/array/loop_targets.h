// The instruction sets that loops are compiled for: AVX-512, AVX2 and plain x86-64.
#pragma once

// The list of includes that follows a #define is sorted by itself: include this one above it.
#ifdef HWY_TARGETS
#error "loop_targets.h must come before foreach_target.h, which reads it"
#endif
#define HWY_DISABLED_TARGETS (HWY_AVX3_DL | HWY_SSE4 | HWY_SSSE3)
