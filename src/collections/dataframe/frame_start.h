// Makes frames' kernels and passes known by name. Called once, by plait::start.
#pragma once

namespace plait {

void start_frames();

}  // namespace plait
