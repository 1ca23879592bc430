// RUN: %check %s
// The flag of lock-order-cycle-callback-flag.c, below a function of so many events that its paths are walked as one: what memory
// held where it was entered is known until something in it may write it.
#include <pthread.h>
#include <stdbool.h>

struct client;
typedef void (*connected)(struct client *client, void *context);

struct client {
  pthread_mutex_t callback_lock, send_lock, queue_lock;
  connected on_connect;
  void *context;
  bool in_callback;
  int queued, sent;
  int keepalive, version, limit, used, dropped, retries, window, sequence;
};

static void send_queued(struct client *client) {
  pthread_mutex_lock(&client->send_lock);
  pthread_mutex_lock(&client->queue_lock);
  client->sent += client->queued;
  client->queued = 0;
  pthread_mutex_unlock(&client->queue_lock);
  pthread_mutex_lock(&client->callback_lock);
  client->in_callback = true;
  client->dropped = 0;
  client->in_callback = false;
  pthread_mutex_unlock(&client->callback_lock);
  pthread_mutex_unlock(&client->send_lock);
}

static void enqueue(struct client *client, int count) {
  pthread_mutex_lock(&client->queue_lock);
  client->queued += count;
  pthread_mutex_unlock(&client->queue_lock);
  if (client->in_callback == false)
    // CHECK: [[@LINE-1]]:7: warning: 'in_callback' is tested here without 'callback_lock' {{.*}} [heddle-check-then-act]
    send_queued(client);
}

static void enqueue_checked(struct client *client, int count) {
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
  enqueue(client, count);
}

static void subscribe(struct client *client, void *context) { enqueue_checked(client, *(int *)context); }

void handle_connected(struct client *client) {
  pthread_mutex_lock(&client->callback_lock);
  if (client->on_connect) {
    client->in_callback = true;
    client->on_connect(client, client->context);
    client->in_callback = false;
  }
  pthread_mutex_unlock(&client->callback_lock);
}

void start(struct client *client) {
  client->on_connect = subscribe;
}

void publish(struct client *client) {
  enqueue(client, 1);
}
