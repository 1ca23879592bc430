// RUN: %check-units %s
// Three units: the class, the thread, main.
//--- position.h
struct Position {
  double latitude = 0, longitude = 0;
  void move(double latitude, double longitude);
  double distance() const;
};
void track(Position &position);
//--- position.cpp
#include "position.h"
void Position::move(double lat, double lon) {
  latitude = lat;
  // CHECK: [[@LINE-1]]:{{[0-9]+}}: error: 'latitude' and 'longitude' of 'ship' are written here with no lock while 'Position::distance' reads both; it can see one new and one old [heddle-torn-update]
  longitude = lon;
}
double Position::distance() const { return latitude * latitude + longitude * longitude; }
//--- track.cpp
#include "position.h"
void track(Position &position) {
  for (int i = 0; i < 1000; ++i)
    position.move(i, i * 2);
}
//--- main.cpp
#include "position.h"
#include <functional>
#include <thread>
Position ship;
int main() {
  std::thread thread(track, std::ref(ship));
  double far = 0;
  while (far < 100)
    far += ship.distance();
  thread.join();
}
