/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The little of Arduino's core that the sketches of packages use. */
#ifndef ARDUINO_H
#define ARDUINO_H

#include <stdint.h>

struct SerialPort {
  void begin(unsigned long baud);
  void print(const char *text);
  void print(long number);
  void print(double number);
  void println(const char *text);
  void println(unsigned long number);
};
extern SerialPort Serial;
unsigned long micros();
void delay(unsigned long milliseconds);

#endif
