// Makes everything known by name: value types, kernels, passes. Called once before anything runs; more calls do
// nothing.
#pragma once

namespace plait {

void start();

}  // namespace plait
