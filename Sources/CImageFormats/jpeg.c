#include "image_formats.h"
