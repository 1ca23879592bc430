// RUN: %check %s
// Function pointers in C: one finding for each that is called, wherever that is.
#include <pthread.h>
#include <stddef.h>

struct client;
typedef void (*receiver)(struct client *client, void *context, const char *text);

struct client {
  pthread_mutex_t lock;
  receiver received;
  void *context;
  int count;
};

void client_set_receiver(struct client *client, receiver received, void *context) {
  pthread_mutex_lock(&client->lock);
  client->received = received;
  client->context = context;
  pthread_mutex_unlock(&client->lock);
}

void client_deliver(struct client *client, const char *text) {
  pthread_mutex_lock(&client->lock);
  client->count++;
  if (client->received)
    client->received(client, client->context, text);
  // CHECK: [[@LINE-1]]:5: warning: 'client::received' is called while 'client::lock' of '*client' is held; who sets it cannot know, and waits for ever if it asks for the lock [heddle-callback-under-lock]
  // CHECK: [[@LINE+7]]:5: note: elsewhere: calls 'client::received'
  pthread_mutex_unlock(&client->lock);
}

void client_finish(struct client *client) {
  pthread_mutex_lock(&client->lock);
  if (client->received)
    client->received(client, client->context, NULL);
  client->received = NULL;
  pthread_mutex_unlock(&client->lock);
}
