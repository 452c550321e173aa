module postern.dev/traefik

go 1.22
