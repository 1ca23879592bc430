// RUN: %check %s
// A flag tells that a callback runs, and what the callback calls leaves the other lock alone then: the condition is three calls
// down.
#include <pthread.h>
#include <stdbool.h>

struct client;
typedef void (*connected)(struct client *client, void *context);

struct client {
  pthread_mutex_t callback_lock, send_lock, queue_lock;
  connected on_connect, on_sent;
  void *context;
  bool in_callback;
  int queued, sent;
};

static void send_queued(struct client *client) {
  pthread_mutex_lock(&client->send_lock);
  pthread_mutex_lock(&client->queue_lock);
  client->sent += client->queued;
  client->queued = 0;
  pthread_mutex_unlock(&client->queue_lock);
  pthread_mutex_lock(&client->callback_lock);
  if (client->on_sent) {
    client->in_callback = true;
    client->on_sent(client, client->context);
    client->in_callback = false;
  }
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

static void subscribe(struct client *client, void *context) { enqueue(client, *(int *)context); }

void handle_connected(struct client *client) {
  pthread_mutex_lock(&client->callback_lock);
  if (client->on_connect) {
    client->in_callback = true;
    client->on_connect(client, client->context);
    client->in_callback = false;
  }
  pthread_mutex_unlock(&client->callback_lock);
}

void start(struct client *client) { client->on_connect = subscribe; }

void publish(struct client *client) { enqueue(client, 1); }
