// libvpx's headers, and what Swift cannot import of them: variadic controls and macros.
#ifndef SLUICE_CVPX_H
#define SLUICE_CVPX_H

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#endif
