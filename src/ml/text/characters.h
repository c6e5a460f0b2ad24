// What the system knows of characters.
#pragma once

#include "ml/text/words.h"

namespace plait::ml {

// Those of the locale C.UTF-8; of ASCII alone where the system lacks it.
const Characters& system_characters();

}  // namespace plait::ml
