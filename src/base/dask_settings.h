// Settings that have Dask's names and meaning: all that Dask itself declares are known, those without effect here say
// so.
#pragma once

#include <span>

#include "base/settings.h"

namespace plait::config {

std::span<const Declared> dask_settings();

// Whether Dask's own YAML files and DASK_... variables are read, too, below those of Plait. What the program has set
// stays.
void read_dask_settings(bool wanted);

}  // namespace plait::config
