// Makes everything known by name: value types, kernels, passes. Called once before anything runs; more calls do
// nothing.
#pragma once

namespace plait {

void start();

// Makes `more` a part of what a program starts with: for the modules above this one. Called while static variables are
// made.
bool add_start(void (*more)());
// All of it: what worker processes begin with.
void start_all();

}  // namespace plait
