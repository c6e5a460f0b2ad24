// Marks what the shared library shows to programs that link it.
#pragma once

#define PLAIT_API __attribute__((visibility("default")))
