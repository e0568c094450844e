// libyaml's header.
#include <yaml.h>
