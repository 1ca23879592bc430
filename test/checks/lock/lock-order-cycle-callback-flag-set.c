// RUN: %check %s
// A flag that a long function sets itself: what it was where the function was entered says nothing of what is called then.
#include <pthread.h>
#include <stdbool.h>

struct client;
typedef void (*connected)(struct client *client, void *context);

struct client {
  pthread_mutex_t callback_lock, late_lock;
  connected on_late;
  void *context;
  bool late_callback;
  int queued, sent;
  int keepalive, version, limit, used, dropped, retries, window, sequence;
};

static void send_late(struct client *client, int count) {
  pthread_mutex_lock(&client->late_lock);
  // CHECK: [[@LINE-1]]:3: warning: 'client::late_lock' of '*client' is locked while 'client::callback_lock' of '*client' is held; 'send_late' locks them in the opposite order [heddle-lock-order-cycle]
  client->sent += count;
  pthread_mutex_lock(&client->callback_lock);
  client->dropped = 0;
  pthread_mutex_unlock(&client->callback_lock);
  pthread_mutex_unlock(&client->late_lock);
}

static void enqueue_late(struct client *client, int count) {
  if (client->keepalive < 0)
    client->keepalive = client->version + client->limit;
  else
    client->limit -= client->keepalive;
  if (client->version < 0)
    client->version = client->limit + client->used;
  else
    client->used -= client->version;
  if (client->limit < 0)
    client->limit = client->used + client->dropped;
  else
    client->dropped -= client->limit;
  if (client->used < 0)
    client->used = client->dropped + client->retries;
  else
    client->retries -= client->used;
  if (client->dropped < 0)
    client->dropped = client->retries + client->window;
  else
    client->window -= client->dropped;
  if (client->retries < 0)
    client->retries = client->window + client->sequence;
  else
    client->sequence -= client->retries;
  if (client->window < 0)
    client->window = client->sequence + client->keepalive;
  else
    client->keepalive -= client->window;
  if (client->sequence < 0)
    client->sequence = client->keepalive + client->version;
  else
    client->version -= client->sequence;
  client->late_callback = false;
  if (client->late_callback == false)
    send_late(client, count);
}

static void subscribe_late(struct client *client, void *context) { enqueue_late(client, *(int *)context); }

void handle_late(struct client *client) {
  pthread_mutex_lock(&client->callback_lock);
  if (client->on_late) {
    client->late_callback = true;
    client->on_late(client, client->context);
    // CHECK: [[@LINE-1]]:5: error: 'client::callback_lock' of '*client' is locked again while it is held; it is not recursive [heddle-self-deadlock]
    client->late_callback = false;
  }
  pthread_mutex_unlock(&client->callback_lock);
}

void start(struct client *client) {
  client->on_late = subscribe_late;
}

void publish(struct client *client) {
  send_late(client, 1);
}
