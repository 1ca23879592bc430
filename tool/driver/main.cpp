#include "driver/Commands.h"

int main(int argc, char **argv) { return heddle::runHeddle(argc, argv); }
