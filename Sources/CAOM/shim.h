// libaom's headers, and what Swift cannot import of them: variadic controls and macros.
#ifndef SLUICE_CAOM_H
#define SLUICE_CAOM_H

#include <aom/aom_encoder.h>
#include <aom/aomcx.h>

#endif
