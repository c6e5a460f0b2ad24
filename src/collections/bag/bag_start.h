// What bags make known at start-up.
#pragma once

namespace plait {

void start_bags();

}  // namespace plait
