#include "collections/bag/bag_start.h"

#include "collections/bag/bag_function.h"
#include "collections/bag/bag_meta.h"

namespace plait {

void start_bags() {
  register_meta_reader("bag", BagMeta::read);
  register_meta_reader("item", ItemMeta::read);
  register_bag_function_kernel();
}

}  // namespace plait
