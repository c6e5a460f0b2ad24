#include "collections/bag/bag_start.h"

#include "collections/bag/bag_meta.h"

namespace plait {

void start_bags() {
  register_meta_reader("bag", BagMeta::read);
  register_meta_reader("item", ItemMeta::read);
}

}  // namespace plait
