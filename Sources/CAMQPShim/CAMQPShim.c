#include "CAMQPShim.h"
