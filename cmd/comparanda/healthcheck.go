package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// healthcheck asks a serving process whether it is well, for Docker and scripts.
func healthcheck(c *call) error {
	address := c.flags.String("url", "http://127.0.0.1:8080", "`address` of the service")
	if _, err := c.parse(0, 0); err != nil {
		return err
	}
	client := &http.Client{Timeout: 4 * time.Second}
	response, err := client.Get(strings.TrimRight(*address, "/") + "/healthz")
	if err != nil {
		return input(err)
	}
	defer response.Body.Close() //nolint:errcheck // only its status was of interest
	if response.StatusCode != http.StatusOK {
		return input(fmt.Errorf("%s answers %s", *address, response.Status))
	}
	return nil
}
