// The instruction sets that loops are compiled for: AVX-512, AVX2 and plain x86-64. Included before foreach_target.h.
#pragma once

#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_AVX3_DL | HWY_SSE4 | HWY_SSSE3)
#endif
