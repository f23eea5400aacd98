#include "CJobJSON.h"
