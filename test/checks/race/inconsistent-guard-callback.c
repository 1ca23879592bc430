// RUN: %check %s
// The lock that is held around a callback guards what its holder keeps, not what the callback works on.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct message {
  char *topic;
  int length;
};

typedef void (*receiver)(void *context, const struct message *message);

struct client {
  pthread_mutex_t callback_lock;
  receiver on_message;
  void *context;
  int running;
};

void set_receiver(struct client *client, receiver on_message, void *context) {
  pthread_mutex_lock(&client->callback_lock);
  client->on_message = on_message;
  client->context = context;
  pthread_mutex_unlock(&client->callback_lock);
}

void deliver(struct client *client, const struct message *message) {
  pthread_mutex_lock(&client->callback_lock);
  if (client->on_message)
    client->on_message(client->context, message);
  // CHECK: [[@LINE-1]]:5: warning: 'client::on_message' is called while 'client::callback_lock' of '*client' is held; who sets it cannot know, and waits for ever if it asks for the lock [heddle-callback-under-lock]
  pthread_mutex_unlock(&client->callback_lock);
}

struct inbox {
  struct message *messages;
  int count;
};

static int copy(struct message *to, const struct message *from) {
  to->topic = strdup(from->topic);
  if (!to->topic)
    return -1;
  to->length = strlen(to->topic);
  return 0;
}

static void received(void *context, const struct message *message) {
  struct inbox *inbox = context;
  if (copy(&inbox->messages[inbox->count], message) == 0)
    inbox->count++;
}

void message_free(struct message *message) { free(message->topic); }

int receive(struct client *client, struct message *messages) {
  struct inbox inbox = {messages, 0};
  set_receiver(client, received, &inbox);
  while (client->running)
    ;
  return inbox.count;
}
