"""The hub of docker-compose.yml: a container of the course's image for each user.

The first user who logs in as `instructor` is the administrator. Everybody has the same password,
which is good enough to try the hub and nothing else.
"""

import os

c = get_config()  # noqa: F821 - JupyterHub (traitlets) defines it

c.JupyterHub.spawner_class = "dockerspawner.DockerSpawner"
c.JupyterHub.hub_ip = "0.0.0.0"  # noqa: S104 - the containers' own network
c.JupyterHub.hub_connect_ip = "hub"
c.JupyterHub.db_url = "sqlite:////srv/jupyterhub/state/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/jupyterhub/state/cookie_secret"

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.Authenticator.admin_users = {"instructor"}
c.Authenticator.allow_all = True

c.DockerSpawner.image = os.environ["COURSE_IMAGE"]
c.DockerSpawner.network_name = os.environ["HUB_NETWORK"]
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.remove = True
c.DockerSpawner.volumes = {
    "ndarray-home-{username}": "/home/jovyan",
    os.environ["EXCHANGE_VOLUME"]: "/usr/local/share/nbgrader/exchange",
}
# seconds until a student's first JupyterLab answers; the default of 30 is short for a busy machine
c.Spawner.http_timeout = 180
# a lesson needs about 400 MB, and a student's own large array some more
c.DockerSpawner.mem_limit = "2G"
c.DockerSpawner.cpu_limit = 2.0
