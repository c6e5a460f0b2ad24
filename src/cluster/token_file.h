// The token that opens a user's schedulers: a secret in a file that only the user can read, made when first needed. Who
// can show it belongs to the user; nothing of a message is decoded before.
#pragma once

#include <string>

namespace plait::cluster {

// Of this user: the file that the setting cluster.token-file names, by default ~/.config/plait/cluster-token. Throws
// Error(io) if it can neither be read nor made, and if others may read it.
std::string user_token();
// Of a given file, which is made if it is not there.
std::string token_in(const std::string& path);

// In a time that tells nothing of where they differ.
bool is_same_token(const std::string& shown, const std::string& expected);

}  // namespace plait::cluster
