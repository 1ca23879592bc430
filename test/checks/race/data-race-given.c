// RUN: %check %s
// What callers give decides whether a place is reached: the list is touched for some kinds only.
#include <pthread.h>
#include <stdlib.h>

enum kind { Own, Learned };
struct peer {
  struct peer *next;
  enum kind kind;
};
struct network {
  pthread_mutex_t lock;
  pthread_t thread;
  struct peer *peers, *self, *friends, *guests;
};

static struct peer *add(struct network *network, enum kind kind) {
  struct peer *made = calloc(1, sizeof *made);
  made->kind = kind;
  if (made->kind != Own) {
    made->next = network->peers;
    network->peers = made;
  }
  return made;
}
static void befriend(struct network *network, struct peer *peer, int count) {
  if (count > 1)
    network->friends = peer; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'network.friends' is written here with no lock while another thread writes it holding 'network.lock' [heddle-data-race]
}
// What was given is replaced before it is tested.
static void rename_(struct network *network, struct peer *peer, enum kind kind) {
  if (peer->next)
    kind = Learned;
  peer->kind = kind;
  if (peer->kind != Own)
    network->guests = peer; // CHECK: [[@LINE]]:{{[0-9]+}}: error: 'network.guests' is written here with no lock while another thread writes it holding 'network.lock' [heddle-data-race]
}
// Passed on: what this one gives is what it was given.
static struct peer *addFor(struct network *network, enum kind kind) {
  return add(network, kind);
}

static void *serve(void *given) {
  struct network *network = given;
  pthread_mutex_lock(&network->lock);
  struct peer *peer = addFor(network, Learned);
  befriend(network, peer, 2);
  rename_(network, peer, Learned);
  pthread_mutex_unlock(&network->lock);
  return 0;
}

struct network *join(void) {
  struct network *network = calloc(1, sizeof *network);
  pthread_mutex_init(&network->lock, 0);
  addFor(network, Learned); // nobody else is there yet
  if (pthread_create(&network->thread, 0, serve, network))
    abort();
  network->self = addFor(network, Own);
  befriend(network, network->self, 3);
  rename_(network, network->self, Own);
  return network;
}
